"""Open data: what the site publishes for machines, one module a format. Nothing here touches the disk or knows the day."""
