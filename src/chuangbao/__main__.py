"""``python -m chuangbao`` is the command line."""

from chuangbao.cli import main

main()
