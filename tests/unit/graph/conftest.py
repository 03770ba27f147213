import sys
from pathlib import Path

# small_meshes.py is shared by the tests of this folder; importmode=importlib does not put it on the path.
sys.path.insert(0, str(Path(__file__).parent))
