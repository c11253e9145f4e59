"""Sheets that we keep in a workbook, of any kind: rows laid over what stands there, and what people ask for there.

Pure. What people have put on such a sheet stays theirs, and rows are known again by what names them.
"""
