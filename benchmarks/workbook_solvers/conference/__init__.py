"""The conference workbook of OptaPlanner and Timefold: read, judged, solved and written back."""
