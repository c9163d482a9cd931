"""The frozen, checked form of parameters, one class per TOML table: `mice` and `grid` hold whole sets, made of what the others hold."""
