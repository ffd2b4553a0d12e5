"""The deadline as a calendar file (iCalendar): the same bytes for the same facts."""

import dataclasses
import datetime as dt

from icalendar import Alarm, Calendar, Event

from campaigns.models import Campaign, WindowExtension
from campaigns.queries.windows import due_on
from thidua.core import clock
from units.models import Unit

# All-day events begin at midnight: at 8 in the morning, seven days and one day before.
_ALARMS = (dt.timedelta(days=-7, hours=8), dt.timedelta(days=-1, hours=8))


@dataclasses.dataclass(frozen=True, slots=True)
class Deadline:
    """Hạn gửi hồ sơ of one unit (None: of whoever has no extension)."""

    campaign: Campaign
    unit: Unit | None
    address: str

    @property
    def last_day(self) -> dt.date:
        return due_on(self.campaign, self.unit.pk if self.unit else None)

    @property
    def extensions(self) -> list[WindowExtension]:
        """The extensions that concern the unit: each is a newer edition of the event."""
        own = (None, self.unit.pk) if self.unit else (None,)
        return [row for row in self.campaign.extensions.all() if row.unit_id in own]

    def event(self, host: str) -> Event:
        """Return the event; its stamp is the campaign's or the last extension's, not today's."""
        changes = self.extensions
        stamps = [change.recorded_at for change in changes]
        stamps.append(clock.start_of(self.campaign.launched_on))
        whom = f" của {self.unit}" if self.unit else ""
        event = Event()
        key = f"{self.campaign.pk}-{self.unit.pk if self.unit else 0}"
        event.add("uid", f"han-nop-{key}@{host}")
        event.add("dtstamp", max(stamps).astimezone(dt.UTC).replace(microsecond=0))
        event.add("sequence", len(changes))
        event.add("summary", f"Hạn gửi hồ sơ khen thưởng{whom}")
        event.add(
            "description",
            f"{self.campaign.title}\nNhận hồ sơ đến hết ngày {self.last_day:%d/%m/%Y}.\n"
            f"{self.address}",
        )
        event.add("url", self.address)
        event.add("dtstart", self.last_day)
        event.add("dtend", self.last_day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        for before in _ALARMS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"Hạn gửi hồ sơ khen thưởng: {self.last_day:%d/%m/%Y}")
            alarm.add("trigger", before)
            event.add_component(alarm)
        return event


def deadline_calendar(deadlines: list[Deadline], host: str) -> bytes:
    """Return the file: one event for each unit."""
    calendar = Calendar()
    calendar.add("prodid", "-//Thi Dua//Dot thi dua//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for deadline in deadlines:
        calendar.add_component(deadline.event(host))
    content: bytes = calendar.to_ical()
    return content
