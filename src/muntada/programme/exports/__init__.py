"""A release in other shapes: iCalendar, schedule XML and JSON, JSON-LD, feeds, tables, the printed book."""
