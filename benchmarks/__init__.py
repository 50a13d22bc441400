"""How fast it is: `python -m benchmarks`. Reads in this order:

cases.py      what is measured: the same work for NumPy, numba and PyTorch
torch_twin.py the same network in PyTorch, with the same weights
measure.py    fair timing on a noisy machine; peak memory; matrix products
__main__.py   the command: runs the cases, prints tables, draws the chart
tricks.py     what each trick of the kernels buys, one by one
baselines.py  what can be known of music without a network
polyphonic.py the published benchmark of polyphonic music
learned.py    what a trained network has learned, beside the baselines
"""
