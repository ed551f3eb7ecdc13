from muntada.engines.reasons import Reason, in_english, ngettext_noop

LEFT = ngettext_noop("%(room)s has %(seats)d seat, of %(all)d.", "%(room)s has %(seats)d seats, of %(all)d.")


def test_the_first_number_of_a_sentence_decides_its_form() -> None:
    assert str(Reason(LEFT, {"room": "Hall", "seats": 1, "all": 5})) == "Hall has 1 seat, of 5."
    assert str(Reason(LEFT, {"room": "Hall", "seats": 0, "all": 1})) == "Hall has 0 seats, of 1."
    assert in_english("%(room)s is closed.", {"room": "Hall"}) == "Hall is closed."
