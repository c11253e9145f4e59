"""Plan and results in words and figures: for a terminal, for programs, for the rows of the workbook. Pure."""
