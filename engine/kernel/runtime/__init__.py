"""The token runtime, one topic per module; `loop.Runtime` is the whole of it.

core < gateways < arming < beginnings < activities < multi_instance < compensation < events < loop
"""

from engine.kernel.runtime.loop import AUTOMATIC_LOOP, MAX_AUTOMATIC, Runtime

__all__ = ["AUTOMATIC_LOOP", "MAX_AUTOMATIC", "Runtime"]
