"""The app, one module per page. A page reads the query keys of its address, calls functions of other rooms and draws
the result."""
