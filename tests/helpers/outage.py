"""A device with leases whose line is cut, and what becomes of a server."""


async def go_offline(device, peer):
    peer.stop()
    await device.disconnect()


async def come_back(device, peer):
    peer.start()
    await device.connect()


async def guaranteed(device, peer):
    await go_offline(device, peer)
    settled = await device.place("s1")
    assert settled.state == "guaranteed"
    return settled
