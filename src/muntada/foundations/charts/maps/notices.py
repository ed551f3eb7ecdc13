"""The notice below every map: it takes no position on borders, and names the source of the shapes."""

from django.utils.translation import gettext

from muntada.foundations.charts.maps.world import World


def boundary_notice() -> str:
    return gettext(
        "Shapes and names on this map say nothing about the legal status of a country, a territory or a"
        " boundary, and nothing of what the organizers think of it. Where States do not agree, the map shows"
        " how matters lie or leaves the area without a value; lines that are not agreed may look like others."
    )


def how_it_is_drawn(world: World) -> str:
    said = {"source": world.source, "licence": world.licence}
    return (
        gettext(
            "Areas too small for a shape are circles. Shapes: %(source)s; %(licence)s. Equal Earth"
            " projection: areas keep their proportion."
        )
        % said
    )


def how_it_is_divided(*, in_steps: bool) -> str:
    if in_steps:
        return gettext("The classes are equal steps of 20, the same in every year.")
    return gettext(
        "The classes hold about as many countries each; their limits are rounded, and are those of this year."
    )
