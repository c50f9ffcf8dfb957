"""The steps of a run, in the order of the story: read and compare, stage, plan, write, let go."""
