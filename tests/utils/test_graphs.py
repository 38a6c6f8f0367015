"""Pairs of graphs differ in being connected, and in no count of degrees."""

import networkx as nx

from utils.graphs import connected_pairs


def test_the_first_is_in_two_pieces_and_the_second_in_one():
    pairs = connected_pairs(30)
    assert len(pairs) == 30
    for apart, joined in pairs:
        assert nx.number_connected_components(apart) == 2 and nx.is_connected(joined)


def test_every_node_of_a_pair_keeps_its_degree_and_none_is_alone():
    for apart, joined in connected_pairs(30, seed=1):
        assert dict(apart.degree) == dict(joined.degree)
        assert min(dict(apart.degree).values()) >= 1
        assert list(apart) == list(joined) == list(range(len(apart)))
        assert 6 <= len(apart) <= 14


def test_a_seed_gives_the_same_pairs_and_another_one_others():
    def edges(seed):
        return [
            sorted(graph.edges) for two in connected_pairs(5, seed) for graph in two
        ]

    assert edges(3) == edges(3) != edges(4)
