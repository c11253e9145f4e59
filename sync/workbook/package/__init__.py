"""The inside of an .xlsx file: its zip container, its sheets as bytes, and patching single cells of them.

Nothing here builds a document tree, and nothing here changes a byte that was not asked for.
"""
