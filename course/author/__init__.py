"""What authors run while they write: is a lecture true, and with any seed?"""
