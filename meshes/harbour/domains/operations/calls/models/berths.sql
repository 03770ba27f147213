SELECT berth, quay, depth_m, length_m, cargo
FROM berth_list
