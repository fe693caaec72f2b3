"""Whether a figure is one that Plotly draws: the pages hand it plain dictionaries, unasked."""

import json
import re

import plotly.graph_objects as go

from riskfactors.drawing.look import Figure


def problems_of(figure: Figure) -> list[str]:
    """What Plotly's own description of figures has against one."""
    figure = json.loads(re.sub(r'"--[a-z-]+"', '"black"', json.dumps(figure)))
    try:
        go.Figure(data=figure["data"], layout=figure["layout"])
    except ValueError as error:
        return [str(error)]
    return []
