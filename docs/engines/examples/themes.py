"""Seven contributions in three languages: which say the same, and what they are about."""

from muntada.engines.themes import Settings, Text, suggest

TEXTS = (
    Text("a", "en", "Bring affordable internet access to every rural school."),
    Text("b", "en", "Bring affordable internet access to all rural schools!"),
    Text("c", "fr", "Un accès à Internet abordable pour chaque école rurale."),
    Text("d", "en", "Protect the personal data and the privacy of children online."),
    Text("e", "es", "Proteger los datos personales y la privacidad de los niños en línea."),
    Text("f", "en", "Women need digital skills training to find decent work."),
    Text("g", "fr", "Former les femmes aux compétences numériques."),
)


def main() -> None:
    for one in suggest.matches(TEXTS):
        print(f"{one.one} and {one.other} seem to say the same ({one.kind}, {one.score:.2f})")
    for group in suggest.groups(TEXTS, settings=Settings(groups=2), seed=1).groups:
        members = ", ".join(sorted(member.id for member in group.members))
        print(f"Theme {group.id}: {members}: {', '.join(group.names.get('en', ()))}")
    asked = Text("new", "en", "Rural schools need affordable internet.")
    print("Before you write:", [near.id for near in suggest.near(asked, TEXTS)])
    print("About:", ", ".join(word.word for word in suggest.keywords(TEXTS[3:5], most=4)))


if __name__ == "__main__":
    main()
