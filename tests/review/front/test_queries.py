from muntada.review.front import queries


def test_the_coverage_shows_where_there_is_nothing_yet(propose, forum, django_assert_num_queries):
    propose()
    with django_assert_num_queries(2):
        coverage = queries.coverage(forum)
    assert [row.counts for row in coverage.rows] == [(0, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 0, 0, 0)]
    assert coverage.gaps == 14
