"""The spiking network once more in Brian2: an independent reference, and a place where the equations of its cells can be changed."""
