"""The strategies for whole invoices stand beside the tests of the formats."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "formats"))
