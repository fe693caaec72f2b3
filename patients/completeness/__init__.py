"""How complete the cases of a centre are recorded, for those who keep the data."""
