"""Threads never change a result, whoever calls, and leave BLAS as they found it."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.fast import kernels, threads
from lstmviz.fast.buffers import BufferPool

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


@contextmanager
def pretending(cores):
    """Act as if there were so many cores, and every layer were worth splitting."""
    pretended = patch.object(threads, "cores", lambda: cores)
    with pretended, patch.object(kernels, "ENOUGH", 1):
        yield


@pytest.fixture
def net():
    net = lv.Biaxial((12, 9), (8, 5), low=40, high=79, seed=1)
    net.parameters["out.b"][0] = -1
    return net


@pytest.fixture
def batch():
    return [random_music(seed, T=20 + seed, N=39) for seed in range(5)]


def blas_threads():
    return [library.num_threads for library in threads.blas().lib_controllers]


# Every core is used, and none changes a result ----------------------------------


@pytest.mark.parametrize("cores", [1, 2, 4, 16])
def test_results_are_the_same_on_any_number_of_cores(net, batch, cores):
    """To rounding: the gradients of rows are summed in as many parts as cores."""
    net.backend = "numpy"
    p, (loss, gradients) = net.probabilities(batch[0]), net.loss_and_gradients(batch)
    music, nats = lv.compose(net, 20, seed=3), lv.evaluate(net, batch)
    net.backend = "numba"
    with pretending(cores):
        np.testing.assert_allclose(net.probabilities(batch[0]), p, atol=1e-5)
        found_loss, found = net.loss_and_gradients(batch)
        assert lv.compose(net, 20, seed=3) == music
        assert lv.evaluate(net, batch) == pytest.approx(nats, rel=1e-5)
    assert found_loss == pytest.approx(loss, rel=1e-5)
    for name, gradient in gradients.items():
        error = np.abs(found[name] - gradient).max() / np.abs(gradient).max()
        assert error < 1e-4, name


@pytest.mark.parametrize("cores", [2, 4, 16])
def test_probabilities_are_the_same_bit_for_bit_on_any_number_of_cores(
    net, batch, cores
):
    with pretending(1):
        on_one = net.probabilities(batch[0])
    with pretending(cores):
        np.testing.assert_array_equal(net.probabilities(batch[0]), on_one)


@pytest.mark.parametrize("cores", [1, 2, 4, 16])
def test_on_the_same_cores_results_are_the_same_bit_for_bit(net, batch, cores):
    with pretending(cores):
        (loss, one), (again, other) = (net.loss_and_gradients(batch) for _ in range(2))
    assert loss == again
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize(
    ("cores", "items", "shares"),
    [
        (1, 3, [1, 1, 1]),
        (2, 3, [1, 1, 2]),
        (4, 10, [1] * 8 + [2, 2]),
        (11, 10, [1] * 9 + [2]),
        (16, 10, [1, 2, 1, 2, 2, 1, 2, 1, 2, 2]),
        (16, 1, [16]),
    ],
)
def test_items_that_are_too_few_for_all_cores_share_them(cores, items, shares):
    with pretending(cores):
        found = threads.parallel_map(lambda _: threads.cores_available(), range(items))
    assert found == shares


def test_rows_are_split_among_the_cores_of_their_sequence():
    with pretending(16):
        parts = threads.parallel_map(
            lambda _: len(threads.split_rows(str, 99, True)), range(10)
        )
    assert sum(parts) == 16


def test_several_cores_work_at_the_same_time():
    """Each of 4 pieces waits until all of them have begun."""
    meeting = threading.Barrier(4, timeout=60)
    with pretending(4):
        places = threads.parallel_map(lambda _: meeting.wait(), range(4))
    assert sorted(places) == [0, 1, 2, 3]


@pytest.mark.skipif(threads.current_core is None, reason="cores have no numbers here")
def test_workers_run_on_other_cores_than_the_thread_that_calls_them():
    allowed = os.sched_getaffinity(0)
    meeting = threading.Barrier(2, timeout=60)
    for core in sorted(allowed):
        with pretending(2), patch.object(threads, "current_core", lambda c=core: c):
            for _ in range(2):  # at the first time, the worker is new
                threads.parallel_map(lambda _: meeting.wait(), range(2))
        for worker in threads.cores_of:
            assert os.sched_getaffinity(worker) == (allowed - {core} or allowed)
    assert os.sched_getaffinity(0) == allowed


# Nested, and from several threads of the user -----------------------------------


def test_work_within_work_within_work_comes_to_an_end():
    def tree(depth):
        if depth == 0:
            return 1
        return sum(threads.parallel_map(tree, [depth - 1] * 5))

    for cores in 1, 2, 4:
        with pretending(cores):
            assert tree(4) == 5**4


def test_users_threads_get_what_they_get_in_series(net, batch):
    before = blas_threads()
    with pretending(4):
        alone = [net.loss_and_gradients(batch[:k]) for k in range(1, 6)]
        with ThreadPoolExecutor(5) as users:
            calls = [
                users.submit(net.loss_and_gradients, batch[:k]) for k in range(1, 6)
            ]
            together = [call.result() for call in calls]
    for (loss, one), (other_loss, other) in zip(alone, together, strict=True):
        assert loss == other_loss
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])
    assert blas_threads() == before


def test_the_limit_of_blas_ends_with_the_last_context():
    before = blas_threads()
    with threads.one_blas_thread():
        with ThreadPoolExecutor(1) as user:

            def enter_and_leave():
                with threads.one_blas_thread():
                    return blas_threads()

            assert user.submit(enter_and_leave).result() == [1] * len(before)
        assert blas_threads() == [1] * len(before)
    assert blas_threads() == before


# When something goes wrong ------------------------------------------------------


def test_after_an_exception_all_is_as_before():
    before = blas_threads()
    running = []

    def work(n):
        running.append(n)
        time.sleep(0.01)
        running.remove(n)
        return 1 / (n - 3)

    with pretending(4):
        with pytest.raises(ZeroDivisionError):
            threads.parallel_map(work, range(20))
        assert running == []
        assert threads.parallel_map(abs, [-1, -2, -3]) == [1, 2, 3]
        assert threads.cores_available() == 4
    assert blas_threads() == before


def test_after_ctrl_c_all_is_as_before():
    before, running = blas_threads(), []

    def work(n):
        running.append(n)
        if n == 2:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        running.remove(n)

    # A process that was started in the background ignores Ctrl-C.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pretending(4), pytest.raises(KeyboardInterrupt):
            threads.parallel_map(work, range(20))
    finally:
        signal.signal(signal.SIGINT, handler)
    assert len(running) <= 1  # the piece of the calling thread, which was interrupted
    with pretending(4):
        assert threads.parallel_map(abs, [-1, -2, -3]) == [1, 2, 3]
    assert blas_threads() == before


@needs_fork
@pytest.mark.parametrize("busy", [False, True])
def test_a_forked_process_computes_on(net, batch, busy):
    """Also if another thread is computing, and has limited BLAS, when it forks."""
    before = blas_threads()
    with pretending(4):
        loss, _ = net.loss_and_gradients(batch)
        stop, started = threading.Event(), threading.Event()

        def compute():
            with threads.one_blas_thread():
                started.set()
                stop.wait(60)

        other = threading.Thread(target=compute)
        if busy:
            other.start(), started.wait(60)
        child = os.fork()
        if child == 0:
            signal.alarm(60)  # instead of waiting for ever
            right = blas_threads() == before
            right &= net.loss_and_gradients(batch)[0] == loss
            right &= blas_threads() == before
            os._exit(0 if right else 1)
        status = os.waitpid(child, 0)[1]
        stop.set()
        if busy:
            other.join()
        assert os.waitstatus_to_exitcode(status) == 0
        assert net.loss_and_gradients(batch)[0] == loss
    assert blas_threads() == before


# Buffers ------------------------------------------------------------------------


def test_buffers_are_reused_after_their_context():
    pool = BufferPool()
    with pool.reuse():
        first = pool.empty((3, 4))
        assert pool.empty((3, 4)) is not first
    with pool.reuse():
        assert pool.empty((3, 4)) is first
    assert pool.empty((3, 4)) is not first  # outside, every array is new


def test_a_buffer_has_the_dtype_that_was_asked_for():
    pool = BufferPool()
    for dtype in np.float32, np.float64, np.float32:
        with pool.reuse():
            assert pool.empty((3, 4), dtype).dtype == dtype
            assert pool.empty((3, 4)).dtype == np.float32


def test_an_inner_context_gives_back_its_own_buffers_only():
    pool = BufferPool()
    with pool.reuse():
        outer = pool.empty((3, 4))
        with pool.reuse():
            inner = pool.empty((3, 4))
        assert pool.empty((3, 4)) is inner
        assert pool.empty((3, 4)) is not outer


def test_buffers_that_were_not_needed_are_freed():
    pool = BufferPool()
    with pool.reuse():
        pool.empty((3, 4))
    with pool.reuse():
        pool.empty((5, 6))
    assert [array.shape for array in pool.kept] == [(5, 6)]
    with pytest.raises(KeyError), pool.reuse():
        {}["missing"]
    assert pool.used == []
