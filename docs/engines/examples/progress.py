"""Two areas, one indicator, ten years: the trend, and what each method says of the way to the target."""

from muntada.engines.progress import METHODS, SeriesTarget, assess, panel_of, trend

# Figures in the manner of the ITU's, for the example only.
USERS = "Individuals using the Internet"
SERIES = {
    "KEN": [16.6, 17.8, 19.5, 22.7, 25.3, 28.8, 30.0, 33.1, 35.0, 37.6],
    "EST": [88.4, 87.2, 88.1, 89.4, 90.2, 89.1, 91.0, 91.0, 93.2, 93.4],
}
FIRST_YEAR = 2015


def main() -> None:
    panel = panel_of(
        [
            (USERS, area, FIRST_YEAR + place, value)
            for area, values in SERIES.items()
            for place, value in enumerate(values)
        ]
    )
    target = SeriesTarget(USERS, value=95.0, year=2030, base_year=FIRST_YEAR, limit=100.0, unit="%")
    assessed = assess(panel, [target])
    for place, area in enumerate(panel.areas):
        slope = trend(panel.years, panel.values[0, place]).slope
        latest = float(assessed.levels.current_value[0, place])
        print(f"{area}: {latest:.1f} % now, {slope:+.2f} points a year")
        for name in ("eurostat", "unsd", "escap"):
            verdict = METHODS[name].names[int(assessed.judged[name].verdict[0, place])]
            print(f"  by {METHODS[name].title}: {verdict}")


if __name__ == "__main__":
    main()
