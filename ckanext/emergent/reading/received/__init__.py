"""Taking apart what a portal sent: texts, dates, lists, links and names of any shape.

`fields.Fields` is the door; adapters need little else.
"""
