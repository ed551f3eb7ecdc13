"""Seven contributions in three languages: which say the same, and what they are about."""

from muntada.engines.themes import IdentifiedText, ThemeSettings, suggest

TEXTS = (
    IdentifiedText("a", "en", "Bring affordable internet access to every rural school."),
    IdentifiedText("b", "en", "Bring affordable internet access to all rural schools!"),
    IdentifiedText("c", "fr", "Un accès à Internet abordable pour chaque école rurale."),
    IdentifiedText("d", "en", "Protect the personal data and the privacy of children online."),
    IdentifiedText("e", "es", "Proteger los datos personales y la privacidad de los niños en línea."),
    IdentifiedText("f", "en", "Women need digital skills training to find decent work."),
    IdentifiedText("g", "fr", "Former les femmes aux compétences numériques."),
)


def main() -> None:
    for one in suggest.matches(TEXTS):
        print(f"{one.one} and {one.other} seem to say the same ({one.kind}, {one.score:.2f})")
    for group in suggest.groups(TEXTS, settings=ThemeSettings(groups=2), seed=1).groups:
        members = ", ".join(sorted(member.id for member in group.members))
        print(f"Theme {group.id}: {members}: {', '.join(group.names.get('en', ()))}")
    asked = IdentifiedText("new", "en", "Rural schools need affordable internet.")
    print("Before you write:", [near.id for near in suggest.near(asked, TEXTS)])
    print("About:", ", ".join(word.word for word in suggest.keywords(TEXTS[3:5], most=4)))


if __name__ == "__main__":
    main()
