"""The places of polls: few hold what they fetched, and a slow server holds up nobody."""

from __future__ import annotations

import asyncio

from monitor.pipeline.places import Places


async def _answer(event: asyncio.Event) -> str:
    await event.wait()
    return "answer"


def test_no_more_polls_than_places_hold_what_they_fetched() -> None:
    async def run() -> list[int]:
        places, held, counts = Places(2), 0, []

        async def poll() -> None:
            nonlocal held
            async with places.place() as place:
                await place.wait_for(asyncio.sleep(0))
                held += 1
                counts.append(held)
                await asyncio.sleep(0)
                held -= 1

        await asyncio.gather(*(poll() for _ in range(9)))
        return counts

    counts = asyncio.run(run())
    assert len(counts) == 9
    assert max(counts) == 2


def test_who_waits_long_for_a_server_gives_its_place_to_another() -> None:
    async def run() -> tuple[str, str]:
        places, slow, quick = Places(1, slow_after_s=0), asyncio.Event(), asyncio.Event()

        async def poll(event: asyncio.Event) -> str:
            async with places.place() as place:
                return await place.wait_for(_answer(event))

        first = asyncio.create_task(poll(slow))
        await asyncio.sleep(0)
        quick.set()
        second = await asyncio.wait_for(poll(quick), 5)
        slow.set()
        return await first, second

    assert asyncio.run(run()) == ("answer", "answer")


def test_a_place_given_back_twice_is_one_place() -> None:
    async def run() -> bool:
        places = Places(1)
        async with places.place() as place:
            place.give_back()
            place.give_back()
        async with places.place():
            waiting = asyncio.create_task(places.place().__aenter__())
            await asyncio.sleep(0)
            is_taken = not waiting.done()
            waiting.cancel()
            return is_taken

    assert asyncio.run(run())
