"""Date formats: one to read, on every page, and ISO 8601 in forms, like the EDTF expressions there.

Django's en_GB locale shows “29 Nov 2026, 12:21 a.m.”, and accepts 03/07/2024, which an American
editor means as March.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j F Y, H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
