"""Codes that hang at places: what they say, the sheet to print, and what a scan opens.

A scan is a hint of where somebody is, not a proof: a code can be photographed. It saves choosing
the place; what is checked is where the photos were taken.
"""
