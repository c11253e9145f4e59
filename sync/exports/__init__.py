"""Read the product export of a shop system, so that a new workbook starts with the shop's products.

    read.py         the file: encoding, separator, which shop system it is from
    shopify.py      Shopify: rows with one Handle become one record
    woocommerce.py  WooCommerce: variations go into their product
    shaping.py      from values to columns: names, order, several values
    prose.py        HTML to plain words, and words to a length

Reads only; a row that cannot be used is left out with a note, never an error.
"""

from sync.exports.read import read_export
from sync.workbook.template_rows import ProductTable

__all__ = ["ProductTable", "read_export"]
