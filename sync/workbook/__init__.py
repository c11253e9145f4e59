"""The user's workbook: its layout, reading it, writing our cells into it, making a new one."""
