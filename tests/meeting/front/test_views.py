from muntada.people.rules import Role


def test_pages_take_the_same_queries_for_one_question_and_for_four(
    ask, session, client_as, django_assert_max_num_queries
):
    client = client_as(Role.SPEAKER)
    address = session.symbol.get_absolute_url()
    ask()
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
        for _ in range(3):
            ask()
    assert counts[0] == counts[1]
