"""The mark before a section: «Điều 3.», «IV.», «A/», «2.1.», «3)», «(4)», «b-»."""

import re

MARK = re.compile(
    r"^(?:(?:Điều|ĐIỀU)\s+(?P<article>\d{1,2})(?P<article_end>\s?[.:)]?)(?=\s)"
    r"|(?:(?:[Pp]hần|PHẦN|[Mm]ục|MỤC|[Cc]hương|CHƯƠNG)\s+)?"
    r"(?:(?P<upper>[IVX]{1,5}|[A-HĐ])(?P<upper_end>\s?[.):]|\s?/(?=\s)|\s?[-–](?=\s))"
    r"|(?P<decimal>\d{1,2}(?:\.\d{1,2})+)(?P<decimal_end>[.)/:]?)(?!\d)"
    r"|\(?(?P<digit>\d{1,2})(?P<digit_end>\s?[.):]|\s?/(?=\s)|\s?[-–](?=\s))"
    r"|\(?(?P<lower>[a-zđ])(?P<lower_end>\s?[.):/]|\s?[-–](?=\s))))"
    r"\s*(?=\D)(?P<rest>\S.*)$",
    re.DOTALL,
)
