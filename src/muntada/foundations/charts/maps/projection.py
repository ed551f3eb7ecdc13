"""The Equal Earth projection, which preserves areas.

B. Šavrič, T. Patterson and B. Jenny, The Equal Earth map projection, International Journal of
Geographical Information Science 33(3), 2019. A choropleth map needs equal areas; the Robinson
projection distorts them.
"""

import math

from muntada.foundations.charts.canvas import XY

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT = math.sqrt(3)
# Half the length of the equator, where the radius of the globe is one.
HALF_EQUATOR = 2 * _ROOT * math.pi / (3 * A1)


def project(longitude: float, latitude: float) -> XY:
    """Return a place, in degrees on a globe of radius one, as x to the east and y to the north."""
    theta = math.asin(_ROOT / 2 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    x = (
        2
        * _ROOT
        * math.radians(longitude)
        * math.cos(theta)
        / (3 * (9 * A4 * sixth * square + 7 * A3 * sixth + 3 * A2 * square + A1))
    )
    return x, theta * (A4 * sixth * square + A3 * sixth + A2 * square + A1)
