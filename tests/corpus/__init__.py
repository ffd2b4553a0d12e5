"""Reports written in Word, made anew each time, and how well they are read into the fields."""
