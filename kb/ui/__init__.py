"""The app, one module per page. A page reads the query keys of its address, calls one function of a lower room and
draws the result."""
