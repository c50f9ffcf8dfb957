"""One entry of a portal's listing to one record: a file for each family of portals.

`adapters/` knows how a listing is read, this folder what an entry of it says.
"""
