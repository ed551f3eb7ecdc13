"""A table as somebody made it in a spreadsheet: seen, read row by row, with the faults of single rows."""

from muntada.engines.readers import RowRefusal, SourcePart, read, sight_of

TABLE = """\
Indicator,Country code,Year,Value
Internet users,KEN,2022,33.1
Internet users,KEN,2023,35.0
Internet users,EST,2023,93.2
Internet users,EST,2023,39.2
Internet users,FJI,2023,many
"""


def main() -> None:
    part = SourcePart("users.csv", TABLE.encode())
    sight = sight_of(part)
    print(f"Recognized as {sight.form}, with the columns {', '.join(sight.header)}")
    for found in read([part], sight, sight.columns):
        if isinstance(found, RowRefusal):
            print(f"Line {found.line}: {found}")
        else:
            print(f"{found.area} {found.year}: {found.value}")


if __name__ == "__main__":
    main()
