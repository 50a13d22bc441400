"""Vectors of numbers that stay in the registers of the processor.

A processor multiplies and adds 4, 8 or 16 numbers at once, as many as fit into one of
its registers. numba has no word for that. It leaves it to the compiler LLVM, which does
well with sums over one array, but keeps no table of sums in registers. So this file
adds a type to numba, `Vector`, and three functions: to read, to compute and to write
vectors. Each one is defined in NumPy, and then written in LLVM's instructions.
"""

from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

__all__ = ["WIDTH", "add_multiple", "load", "store"]


def width(features):
    """Return how many numbers a vector has: eight of them fill half of the registers.

    Parameters
    ----------
    features : dict of str -> bool
        What the processor can do, by LLVM's names.
    """
    if features.get("avx512f"):
        return 32  # 32 registers of 16 numbers
    if features.get("avx") or features.get("neon"):
        return 8  # 16 registers of 8 numbers, or 32 of 4
    return 4  # 16 registers of 4


WIDTH = width(binding.get_host_cpu_features())


class Vector(types.Type):
    """The type of WIDTH float32 numbers in registers."""

    def __init__(self):
        super().__init__("Vector")


VECTOR, FLOATS = Vector(), ir.VectorType(ir.FloatType(), WIDTH)


@register_model(Vector)
class VectorModel(models.PrimitiveModel):
    """How LLVM stores a `Vector`."""

    def __init__(self, manager, kind):
        super().__init__(manager, kind, FLOATS)


# Defined in NumPy -----------------------------------------------------------------


def load_in_numpy(array, i, j):
    """Return WIDTH numbers of row i of a matrix, from column j on."""
    return array[i, j : j + WIDTH].copy()


def add_multiple_in_numpy(total, number, vector):
    """Return total + number vector."""
    return total + number * vector


def store_in_numpy(vector, array, i, j):
    """Write a vector into row i of a matrix, from column j on."""
    array[i, j : j + WIDTH] = vector


# In LLVM's instructions -----------------------------------------------------------


@intrinsic
def load(typing, array, i, j):
    """Do what `load_in_numpy` does."""

    def instructions(context, builder, signature, arguments):
        place = address(context, builder, signature.args[0], *arguments)
        return builder.load(place, align=4)

    return VECTOR(array, types.intp, types.intp), instructions


@intrinsic
def add_multiple(typing, total, number, vector):
    """Do what `add_multiple_in_numpy` does, as one instruction where there is one."""

    def instructions(context, builder, signature, arguments):
        total, number, vector = arguments
        index = ir.VectorType(ir.IntType(32), WIDTH)
        none = ir.Constant(FLOATS, ir.Undefined)
        first = builder.insert_element(none, number, ir.IntType(32)(0))
        copies = builder.shuffle_vector(first, none, ir.Constant(index, [0] * WIDTH))
        multiple = builder.fmul(copies, vector, flags=["contract"])
        return builder.fadd(total, multiple, flags=["contract"])

    return VECTOR(VECTOR, types.float32, VECTOR), instructions


@intrinsic
def store(typing, vector, array, i, j):
    """Do what `store_in_numpy` does."""

    def instructions(context, builder, signature, arguments):
        vector, *where = arguments
        place = address(context, builder, signature.args[1], *where)
        builder.store(vector, place, align=4)
        return context.get_dummy_value()

    return types.void(VECTOR, array, types.intp, types.intp), instructions


def address(context, builder, kind, array, i, j):
    """Return the address of the vector that begins at number [i, j] of a matrix."""
    array = context.make_array(kind)(context, builder, array)
    place = cgutils.get_item_pointer(context, builder, kind, array, [i, j])
    return builder.bitcast(place, FLOATS.as_pointer())


if config.DISABLE_JIT:  # kernels are plain Python, which a debugger can follow
    load, add_multiple = load_in_numpy, add_multiple_in_numpy
    store = store_in_numpy
