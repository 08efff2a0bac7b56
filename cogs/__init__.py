"""Discord's face: a package for each feature, holding its commands, buttons, forms and cards."""
