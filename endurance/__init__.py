"""`segurnum endurance`: people at work while everything that the portal leans on falls, one after the other."""
