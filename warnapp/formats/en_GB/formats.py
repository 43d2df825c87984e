"""Date formats in forms: ISO 8601, like the EDTF expressions in the same forms.

The formats of Django's en_GB locale accept 03/07/2024, which an American editor means as March.
"""

DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
