"""From YAML files to a published site: load, validate, index, plan, render, write, report."""
