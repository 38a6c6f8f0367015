"""Assignments of the kinds that instructors bring along, made by code."""
