"""How dates are typed and shown in forms: as ISO has them, like the expressions beside them.

The British order of day and month would read 03/07/2024 as July where another reader means March.
"""

DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
