"""Questions from the room and the screen: asked, supported, answered; measured parity."""
