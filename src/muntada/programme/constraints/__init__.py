"""What ties sessions in time (order, series, apart), and the rules of a timetable."""
