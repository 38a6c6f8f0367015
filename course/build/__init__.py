"""From chapters to notebooks, source, release and the student bundle."""
