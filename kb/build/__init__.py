"""From sources to an index: what is read, tagged and embedded, each step only when what it is made from has changed."""
