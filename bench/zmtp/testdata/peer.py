"""A peer of the reference implementation: echoes on ROUTER and REP, publishes what PUB is told.

Prints the ports of ROUTER, REP and PUB on one line, then works until its standard input ends.
"""
import sys
import threading

import zmq

context = zmq.Context()


def bound(kind):
    socket = context.socket(kind)
    socket.linger = 0
    return socket, socket.bind_to_random_port("tcp://127.0.0.1")


router, router_port = bound(zmq.ROUTER)
rep, rep_port = bound(zmq.REP)
pub, pub_port = bound(zmq.XPUB)


def serve():
    poller = zmq.Poller()
    for socket in (router, rep, pub):
        poller.register(socket, zmq.POLLIN)
    while True:
        for socket, _ in poller.poll():
            frames = socket.recv_multipart()
            if socket is pub:  # a subscription: publish something for it, and something not
                prefix = frames[0][1:]
                pub.send_multipart([b"other", b"not for you"])
                pub.send_multipart([prefix + b".1", b"", b"x" * 300])
            else:
                socket.send_multipart(frames)


threading.Thread(target=serve, daemon=True).start()
print(router_port, rep_port, pub_port, flush=True)
sys.stdin.read()
