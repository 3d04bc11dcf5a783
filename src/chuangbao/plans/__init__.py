"""Floor plans (平面图): floors and what is on them, in millimetres, drawn with the state of each thing."""
