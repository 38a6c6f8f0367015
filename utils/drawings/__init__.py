"""Drawings of the lectures, a module for each chapter."""
