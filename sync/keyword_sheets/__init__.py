"""What the workbook shows of keywords, and what people ask for there: rows made, merged with what stands, and read.

Pure. A column whose field the service does not give stays empty; it is never guessed.
"""
