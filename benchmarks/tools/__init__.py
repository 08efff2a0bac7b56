"""What cases share: measuring, scenes, questions."""
